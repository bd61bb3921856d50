console.log("a byte order mark", __filename);
throw new Error("after it");
