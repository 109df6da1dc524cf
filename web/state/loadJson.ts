/** The server says that there is no such thing. */
export class NotFoundError extends Error {
  override name = 'NotFoundError';
}

/** Fetches JSON of our own API. Throws `NotFoundError` for 404, another error when the answer is no success. */
export async function loadJson(url: string): Promise<unknown> {
  const response = await fetch(url, { headers: { Accept: 'application/json' } });
  if (response.status === 404) throw new NotFoundError(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}
