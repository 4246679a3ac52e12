"""What `mxtrax doctor` checks, one file for each part of the deployment."""
