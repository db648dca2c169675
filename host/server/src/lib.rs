//! Live views under glass: the server, as a library and a binary.
