import { diskAmount, percent } from './diskWords.ts';
import type { WarningTexts } from './operatorWarning.ts';

/** What an operator is warned of, in English. */
export const WARNINGS_EN: WarningTexts = {
  ingest: {
    raised: ({ lastReadingAt }, { dateTime }) => ({
      title: 'No readings arrive any more',
      text: `No reading has been stored since ${dateTime(lastReadingAt)}. Before that they came steadily. The command checks broker, store, clock and network and says what is wrong.`,
    }),
    over: 'Readings arrive again',
  },
  disk: {
    raised: ({ path, usedShare, freeBytes }) => ({
      title: `The disk is ${percent(usedShare)} % full`,
      text: `${diskAmount(freeBytes, 'en')} are left below ${path}. On a full disk no reading is taken any more. The command shows what takes room there; old backups may go, files in ${path} may not.`,
    }),
    over: 'There is room on the disk again',
  },
  backup: {
    raised: ({ folder, madeAt }, { dateTime }) => {
      const age = madeAt === undefined ? 'There is none yet.' : `The last one is of ${dateTime(madeAt)}.`;
      return {
        title: madeAt === undefined ? 'There is no backup' : 'The backup is older than 36 hours',
        text: `One should be made in ${folder} every day. ${age} The command makes one now and says what is in the way.`,
      };
    },
    over: 'There is a fresh backup again',
  },
  certificate: {
    raised: ({ file, endsAt }, { date }) => ({
      title: `The certificate ends on ${date(endsAt)}`,
      text: `From then on browsers warn of this website, and devices cannot send any more. It lies in ${file}. Restart the server once it is renewed.`,
    }),
    over: 'The certificate is renewed',
  },
  'public-certificate': {
    raised: ({ host, endsAt }, { date }) => ({
      title: `The certificate of ${host} ends on ${date(endsAt)}`,
      text: 'From then on browsers warn of this website. A proxy in front renews it by itself otherwise, and its log says why it did not. If the file in TLS_CERT is renewed already, the server only needs a restart.',
    }),
    over: 'The website’s certificate is renewed',
  },
};
