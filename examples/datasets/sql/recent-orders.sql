select order_id, email, amount, ordered_at
from analytics.public.orders
where ordered_at > current_date - ${vars.order_days} -- of syncline.yaml
