"""Other systems: their keys, what each may ask, and that asking twice does a thing once."""
