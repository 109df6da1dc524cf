/** Before what runs in the server's container of docker-compose.yml. */
export const IN_CONTAINER = 'docker compose exec server ';
/** The same for what needs the server stopped: its container is not there then. */
const IN_FRESH_CONTAINER = 'docker compose run --rm server ';

/**
 * `text` with our own commands as they are typed where the server runs. The image has `buergerluft` on its path; `npx` would look for
 * a package of that name in the registry.
 */
export function commandsHere(text: string, isContainer: boolean): string {
  if (!isContainer) return text;
  return text.replace(/npx buergerluft( restore\b)?/g, (_, restore = '') => {
    return `${restore === '' ? IN_CONTAINER : IN_FRESH_CONTAINER}buergerluft${restore}`;
  });
}

/** The command line of one of our verbs, as it is typed where the server runs. */
export function ownCommand(verb: string, isContainer: boolean): string {
  return commandsHere(`npx buergerluft ${verb}`, isContainer);
}
