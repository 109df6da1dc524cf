import type { HostTexts } from './hostTexts.ts';

/** German words for every reason a message is turned away: what is wrong, and the next thing to do. */
export const failureDe: HostTexts['failure'] = {
  unreadable: {
    cause:
      'Es kam eine Nachricht an, aber sie ist nicht zu lesen: Ihr Aufbau ist anders, als diese Firmware ihn schreibt.',
    cure: 'Prüfen Sie, ob Sie den Pfad im richtigen Feld und beim richtigen Ziel eingetragen haben („/data.php“ gehört zur eigenen API, „/write“ zu InfluxDB).',
  },
  'too-large': {
    cause: 'Die Nachricht ist größer als 16 Kilobyte.',
    cure: 'Das sendet keine bekannte Firmware. Ist noch ein anderes Programm auf diesen Zugang eingestellt?',
  },
  'too-deep': {
    cause: 'Die Nachricht ist tiefer verschachtelt, als es eine Firmware je schreibt.',
    cure: 'Sehen Sie nach, welches Programm mit diesem Zugang sendet.',
  },
  'no-values': {
    cause: 'Die Nachricht ist verständlich, enthält aber keinen Messwert.',
    cure: 'Meist liest das Gerät seinen Sensor nicht: Ist in seiner Konfiguration der richtige Sensor angekreuzt, und sitzen die Kabel?',
  },
  'not-a-number': {
    cause: 'Statt einer Zahl steht Text in einem Wert (etwa „nan“).',
    cure: 'Der Sensor liefert gerade nichts. Gerät kurz vom Strom trennen; bleibt es so, Verkabelung prüfen.',
  },
  'no-value-marker': {
    cause: 'Das Gerät sendet seine eigene Marke für „kein Wert“.',
    cure: 'Ein paar Minuten warten: Der Sensor läuft noch an. Bleibt es so, Verkabelung prüfen.',
  },
  'out-of-bounds': {
    cause: 'Ein Wert ist größer als alles, was ein Sensor messen kann.',
    cure: 'Gerät kurz vom Strom trennen. Bleibt es so, ist der Sensor oder seine Verkabelung gestört.',
  },
  'unknown-device': {
    cause: 'Das Gerät nennt eine Kennung, die hier nicht angemeldet ist.',
    cure: 'Gehen Sie zurück und vergleichen Sie die Nummer im Feld „Benutzer“ mit der, die auf der Seite des Geräts steht. Stimmt sie nicht, geben Sie die richtige ein.',
  },
  'wrong-token': {
    cause: 'Das Gerät hat sich gemeldet, aber Benutzer oder Passwort stimmen nicht.',
    cure: 'Beide Felder noch einmal kopieren, ohne Leerzeichen davor oder dahinter. Haben Sie ein neues Token erzeugt, gilt nur noch dieses.',
  },
  'wrong-identity': {
    cause: 'Die Nachricht nennt ein anderes Gerät als das, zu dem der Zugang gehört.',
    cure: 'Gehen Sie zurück, geben Sie die Kennung ein, die wirklich auf der Seite dieses Geräts steht, und tragen Sie die neuen Zugangsdaten ein.',
  },
  'foreign-topic': {
    cause: 'Das Gerät sendet über MQTT unter einem Thema (Topic), das ihm nicht gehört.',
    cure: 'Tragen Sie in Tasmota als „Topic“ die Gerätekennung und als „FullTopic“ „%prefix%/%topic%/“ ein, in ESPHome als „topic_prefix“ die Gerätekennung; ein eigenes Programm sendet an „buergerluft/Gerätekennung/airrohr“.',
  },
  'wrong-path': {
    cause: 'Das Gerät meldet sich mit dem richtigen Token, sendet aber an einen Pfad, den es hier nicht gibt.',
    cure: 'Tragen Sie am Gerät im Feld „Pfad“ genau „/data.php“ ein, beim Ziel InfluxDB „/write“, ohne Adresse davor.',
  },
  'unbound-device': {
    cause: 'Das Gerät ist bekannt, gehört aber zu keiner Station.',
    cure: 'Gehen Sie zurück und erzeugen Sie neue Zugangsdaten für dieses Gerät.',
  },
  retained: {
    cause: 'Die Nachricht ist als „retained“ gesendet. So ist ein alter Wert von einem neuen nicht zu unterscheiden.',
    cure: 'In Tasmota „SensorRetain 0“ setzen, in ESPHome bei jedem Sensor „retain: false“.',
  },
  qos2: {
    cause: 'Die Nachricht ist mit QoS 2 gesendet; angenommen werden 0 und 1.',
    cure: 'Stellen Sie am Gerät QoS 1 ein.',
  },
  'time-too-old': {
    cause: 'Die Zeitangabe in der Nachricht liegt mehr als 7 Tage zurück.',
    cure: 'Die Uhr des Geräts geht falsch. Zeitserver prüfen oder die Zeitangabe weglassen: Dann zählt die Ankunft.',
  },
  'time-in-future': {
    cause: 'Die Zeitangabe in der Nachricht liegt in der Zukunft.',
    cure: 'Die Uhr des Geräts geht vor, oft um die Zeitzone. Gesendet wird in UTC, oder ganz ohne Zeit.',
  },
  'time-unreadable': {
    cause: 'Die Zeitangabe in der Nachricht ist nicht zu lesen.',
    cure: 'Erwartet wird zum Beispiel 2026-11-23T18:00:00Z. Ohne Zeitangabe zählt die Ankunft.',
  },
  conflict: {
    cause: 'Für diese Zeit ist schon ein anderer Wert gespeichert; der erste gilt.',
    cure: 'Senden zwei Geräte mit demselben Zugang? Dann braucht jedes seine eigene Kennung.',
  },
  'station-deleted': {
    cause: 'Die Station, zu der dieses Gerät gehörte, ist gelöscht.',
    cure: 'Melden Sie die Station neu an und tragen Sie die neuen Zugangsdaten ein.',
  },
  'too-often': {
    cause: 'Das Gerät sendet öfter, als angenommen wird.',
    cure: 'Stellen Sie das Messintervall auf 145 Sekunden (airRohr) oder zwei bis fünf Minuten.',
  },
  implausible: {
    cause: 'Die Werte liegen außerhalb dessen, was dieser Sensor messen kann.',
    cure: 'Gerät kurz vom Strom trennen. Bleibt es so: Einlass frei? Kabel fest? Netzteil stark genug (5 V, 1 A)?',
  },
};
