-- Photos on their way to cars wait in timers of another kind now, which hold other data. Of cars that were stored in the
-- last seconds before the upgrade the late photos are given up: /foto adds them.
DELETE FROM timer WHERE kind = 'photos_late';
