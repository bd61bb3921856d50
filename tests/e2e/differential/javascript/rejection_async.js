async function fail() {
  await null;
  throw new Error('in async');
}

fail();
