"""How the work beside the pages goes; for whoever looks after the program."""
