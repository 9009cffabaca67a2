"""The commands of ``frontdoor``, a file a group."""
