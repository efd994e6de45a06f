"""Pages that belong to no application: front, about, help, languages, themes, errors."""
