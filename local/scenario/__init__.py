"""A file of transactions, the story they are sent in, and checks of what became of them."""
