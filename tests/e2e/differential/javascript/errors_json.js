for (const text of ['{', '[1,]', '{"a":1,}', 'nul', '"\n"']) {
  try {
    JSON.parse(text);
  } catch (error) {
    console.log(error.name, error.message);
  }
}
JSON.parse('{bad');
