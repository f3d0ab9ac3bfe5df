-- Census reads this view; see https://app.getcensus.com/api/v1 for what it did before.
create view orders as
select id, destination_id, connection_id
from raw.orders
where destination_id = 12;
