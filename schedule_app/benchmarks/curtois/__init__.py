"""The public shift scheduling instances of Curtois and Qu (2014), read, solved, and checked by a second opinion."""
