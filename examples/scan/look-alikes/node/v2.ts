const base = 'https://app.getcensus.com/api/v2';

// Was `/api/v1/destinations` before the move.
export const activations = (token: string) =>
  fetch(`${base}/activations`, { headers: { authorization: `Bearer ${token}` } });
