"""How days and times stand in each language, where Django has it otherwise."""
