console.log(new Date(0), String(new Date(1e12)), new Date(2024, 6, 1).getTimezoneOffset(), process.env.TZ);
console.log(new Date(1e12).toLocaleString(), new Date(1e12).toLocaleDateString('de-DE', { dateStyle: 'full' }));
console.log(Intl.DateTimeFormat().resolvedOptions(), new Date('x'), Date.parse('2024-02-30'));
console.log(new Date(1e12).toLocaleString('en-US', { timeZone: 'Asia/Tokyo' }), Date.UTC(2000, 0));
process.env.TZ = 'America/New_York';
console.log(new Date(0).getHours(), new Date(0).toString());
