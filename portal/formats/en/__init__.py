"""English as in Europe: the day comes first."""
