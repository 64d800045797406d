"""Full discovery: somebody is found, and everything that is known of him is put together, with where his money came from and went to."""
