/** The token or key of a header `Authorization: Bearer …`; `undefined` for another one, and for none. */
export const bearerIn = (authorization: string | undefined): string | undefined =>
  /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
