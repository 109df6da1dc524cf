import type { Hosting } from '../../../server/api/pages/hosting.ts';
import { type HostTexts, hostTextsOf } from '../../i18n/host/hostTexts.ts';
import { type PageContext, readPageContext } from '../pageContext.ts';

/** What every view of `/host` is given. */
export interface HostContext extends PageContext {
  hosting: Hosting;
  h: HostTexts;
}

/** Reads what the server put into the page. */
export function readHostContext(view: Window): HostContext {
  const text = view.document.getElementById('hosting')?.textContent;
  if (!text) throw new Error('The page carries no hosting data');
  const context = readPageContext(view);
  return { ...context, hosting: JSON.parse(text) as Hosting, h: hostTextsOf(context.language) };
}
