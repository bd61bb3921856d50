const größe = '日本'; größe.nichts.da;
