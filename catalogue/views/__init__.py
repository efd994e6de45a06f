"""Pages of the catalogue: `public` for everybody, `importing` for an agency's administrators."""
