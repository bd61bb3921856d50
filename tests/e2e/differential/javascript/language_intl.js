console.log(new Intl.PluralRules('ru').select(3), ['ä', 'z', 'a'].sort(new Intl.Collator('sv').compare));
console.log(Intl.getCanonicalLocales('EN-us'), new Intl.ListFormat('de').format(['a', 'b', 'c']));
console.log('İ'.toLocaleLowerCase('tr'), 'ß'.localeCompare('ss'), 'é'.normalize('NFD').length);
console.log(new Intl.RelativeTimeFormat('fr').format(-2, 'day'), (1e6).toLocaleString());
