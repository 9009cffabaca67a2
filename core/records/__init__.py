"""REC: work records of opened cases."""
