import { createHash } from 'node:crypto';

/**
 * The only script inside the HTML: sets the chosen theme before anything is painted, so that a dark page never flashes
 * white. Storage may be blocked, then the system decides.
 */
export const THEME_SCRIPT =
  "try{var t=localStorage.getItem('theme');if(t==='dark'||t==='light')document.documentElement.dataset.theme=t}catch(e){}";

/** Lets the content policy (`script-src`) run exactly this script. */
export const THEME_SCRIPT_SOURCE = `'sha256-${createHash('sha256').update(THEME_SCRIPT).digest('base64')}'`;
