// Neither of these is the first version of the API of Census.
export const ten = 'https://app.getcensus.com/api/v10/syncs';
export const beta = 'https://app.getcensus.com/api/v1beta/syncs';
