"""An application as a file: out as JSON, CSV, PDF and zip, in again as a draft."""
