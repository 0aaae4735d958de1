"""Taking the work to other programs: networks, pictures, histories and films of the training."""
