/** Where people find a sync of Census in the web app. */
export const linkTo = (id) => `https://app.getcensus.com/syncs/${id}/history`;
export const home = 'https://www.getcensus.com/blog/api/v1-is-going-away';
