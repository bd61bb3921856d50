console.log("café", "café".length);
