//! What is drawn, and that it is drawn safely at every size.
