"""The process and its outside: wiring, settings, command line, channels, the simulator."""
