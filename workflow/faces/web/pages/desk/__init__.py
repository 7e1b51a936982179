"""The pages a secretary's week is made of."""
