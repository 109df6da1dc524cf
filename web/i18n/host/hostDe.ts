import type { HostTexts } from './hostTexts.ts';

/** German. */
export const hostDe: HostTexts = {
  intro: 'Einen Feinstaubsensor auf den Balkon hängen, hier anmelden, zusehen, wie der erste Wert ankommt.',
  haveLink: 'Ich habe schon einen Stationslink',
  linkLabel: 'Stationslink',
  linkHelp: 'Der geheime Link, den Sie bei der Anmeldung bekommen haben.',
  linkOpen: 'Meine Station öffnen',
  linkWrong: 'Das ist kein vollständiger Stationslink. Er endet auf #, zehn Zeichen, einen Punkt und 26 Zeichen.',
};
