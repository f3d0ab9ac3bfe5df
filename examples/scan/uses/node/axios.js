const axios = require('axios');

const api = axios.create({ baseURL: 'https://app.getcensus.com/api/v1' });

exports.list = () => api.get('/destinations');
exports.connect = (type) => api.post('/destination_connect_links', { type });
exports.sources = () => api.get('/sources');
