"""The case module: every rule of the safety net, with no knowledge of the doors requests come through."""
