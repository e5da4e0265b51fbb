"""Staff of the bureau: accounts, duties, passwords, second factor, sessions."""
