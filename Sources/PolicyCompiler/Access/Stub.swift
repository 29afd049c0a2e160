package struct ResourceSetTooComplex: Error {}
