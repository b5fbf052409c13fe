"""What tools that ask how far an estimate would move share: least squares as solved, its parts."""
