"""What residents asked and could not get, from the turn log, the marks and the conversations. `make insights`; nothing leaves the machine."""
