"""What `mxtrax doctor` looks at, a file a part of the deployment."""
