const baseUrl = process.env.CENSUS_URL ?? 'https://app.getcensus.com';

export async function trigger(id: number, key: string): Promise<Response> {
  return fetch(`${baseUrl}/api/v1/syncs/${id}/trigger`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}` },
  });
}
