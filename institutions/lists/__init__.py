"""Lists of approved institutions: read, compared, confirmed line by line, taken in, published."""
