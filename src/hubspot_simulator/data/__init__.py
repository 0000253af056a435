"""What a simulated portal holds, as pure functions of the seed."""
