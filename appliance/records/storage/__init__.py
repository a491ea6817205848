"""The database and its folder: schema, views, lock, reserve, key."""
