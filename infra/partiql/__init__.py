"""The store's statements of PartiQL, for stand-ins of DynamoDB that cannot read them."""
