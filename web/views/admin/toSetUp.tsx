import type { AdminOverview } from '../../../server/domain/operator/adminOverview.ts';
import { ownCommand } from '../../../server/domain/operator/ownCommand.ts';
import { CopyButton } from '../host/copyButton.tsx';
import type { PartProps } from './adminParts.tsx';

/** What an instance should have and lacks, each with the lines of `.env` that set it up. */
const LINES = {
  backup: ['BACKUP_DIR=/mnt/backup'],
  mail: [
    'SMTP_URL=smtps://user:password@mail.example.org',
    'MAIL_FROM=luft@example.org',
    'OPERATOR_MAIL=you@example.org',
  ],
} as const;
type Lack = keyof typeof LINES;

/** What is not set up yet; nothing of it is wrong at the moment. */
export function lacksOf({ backup, mail }: Pick<AdminOverview, 'backup' | 'mail'>): Lack[] {
  return [...(backup.folder === undefined ? (['backup'] as const) : []), ...(mail ? [] : (['mail'] as const))];
}

/** What is still to be set up, and how. */
export function ToSetUp({ a, overview }: Pick<PartProps, 'a' | 'overview'>) {
  const lacks = lacksOf(overview);
  if (lacks.length === 0) return null;
  const { isContainer } = overview.process;
  return (
    <section class="admin-setup" aria-labelledby="setup-heading">
      <h2 id="setup-heading">{a.setup.heading}</h2>
      {lacks.map((lack) => (
        <div key={lack}>
          <h3>{a.setup.lack[lack].title}</h3>
          <p>{a.setup.lack[lack].text}</p>
          <p class="admin-command">
            <code>{LINES[lack].join('\n')}</code>
            <CopyButton
              context={{ h: a.setup.copying }}
              value={`${LINES[lack].join('\n')}\n`}
              name={a.setup.lack[lack].title}
            />
          </p>
        </div>
      ))}
      <p class="note">
        {a.setup.afterwards({ again: isContainer ? 'docker compose up -d' : undefined })}{' '}
        <code>{ownCommand('doctor', isContainer)}</code>
      </p>
    </section>
  );
}
