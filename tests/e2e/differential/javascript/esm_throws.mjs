function fail() {
  throw new RangeError('in a module');
}

fail();
