"""What is watched over days and weeks: due dates ahead, waiting times of the helpdesk, messages by day."""
