const fs = require('fs');
for (const name of fs.readdirSync('/proc/self/fd').map(Number).sort((a, b) => a - b)) {
  try {
    console.log(name, fs.readlinkSync(`/proc/self/fd/${name}`).replace(/\d+/g, 'N'));
  } catch (error) {
    console.log(name, error.code);
  }
}
