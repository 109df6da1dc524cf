/** English names where Natural Earth has another language's or an older one. */
const ENGLISH = {
  Bogota: 'Bogotá',
  Guatemala: 'Guatemala City',
  Kiev: 'Kyiv',
  Kuwait: 'Kuwait City',
  København: 'Copenhagen',
  Ndjamena: 'N’Djamena',
  Rangoon: 'Yangon',
  'Tel Aviv-Yafo': 'Tel Aviv',
  Yaounde: 'Yaoundé',
  Ōsaka: 'Osaka',
};

/** German names, by the English one, where they differ. */
const GERMAN = {
  'Addis Ababa': 'Addis Abeba',
  Algiers: 'Algier',
  Ashgabat: 'Aschgabat',
  Athens: 'Athen',
  Baghdad: 'Bagdad',
  Beijing: 'Peking',
  Belgrade: 'Belgrad',
  Bishkek: 'Bischkek',
  Brussels: 'Brüssel',
  Bucharest: 'Bukarest',
  Cairo: 'Kairo',
  'Cape Town': 'Kapstadt',
  Copenhagen: 'Kopenhagen',
  Damascus: 'Damaskus',
  'Dar es Salaam': 'Daressalam',
  Djibouti: 'Dschibuti',
  Dushanbe: 'Duschanbe',
  Geneva: 'Genf',
  'Guatemala City': 'Guatemala-Stadt',
  Havana: 'Havanna',
  'Hong Kong': 'Hongkong',
  Khartoum: 'Khartum',
  'Kuwait City': 'Kuwait-Stadt',
  Kyiv: 'Kiew',
  Lisbon: 'Lissabon',
  Luxembourg: 'Luxemburg',
  'Mexico City': 'Mexiko-Stadt',
  Mogadishu: 'Mogadischu',
  Moscow: 'Moskau',
  Muscat: 'Maskat',
  'New Delhi': 'Neu-Delhi',
  Nicosia: 'Nikosia',
  'Panama City': 'Panama-Stadt',
  Prague: 'Prag',
  Pyongyang: 'Pjöngjang',
  Riyadh: 'Riad',
  Rome: 'Rom',
  Singapore: 'Singapur',
  Tashkent: 'Taschkent',
  Tbilisi: 'Tiflis',
  Tehran: 'Teheran',
  'The Hague': 'Den Haag',
  Tokyo: 'Tokio',
  Tripoli: 'Tripolis',
  Ulaanbaatar: 'Ulan-Bator',
  'Vatican City': 'Vatikanstadt',
  Vienna: 'Wien',
  Warsaw: 'Warschau',
  Yangon: 'Rangun',
  Yerevan: 'Jerewan',
};

/** What the map's backdrop calls a place: `name` in English and, where it is another, `nameDe`. */
export function placeNames(naturalEarthName) {
  const name = ENGLISH[naturalEarthName] ?? naturalEarthName;
  const nameDe = GERMAN[name];
  return { name, ...(nameDe && { nameDe }) };
}
