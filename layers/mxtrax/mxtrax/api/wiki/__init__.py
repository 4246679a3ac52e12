"""The read paths of the wiki, under its own names: api/v2/maildomain/ and api/v1/stat/."""
